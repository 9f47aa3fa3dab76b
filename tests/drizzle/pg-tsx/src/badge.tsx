import { columns } from './columns';

export const statuses = ['new', 'seen'] as const;

export function Badge({ status }: { status: (typeof statuses)[number] }) {
  return (
    <span className={`badge badge-${status}`} data-columns={columns.length}>
      {status === 'new' ? <b>New &amp; fresh</b> : <i>Seen</i>}
    </span>
  );
}
