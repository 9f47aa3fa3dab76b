export const DEFAULT_LOCALE = 'en' as const;

export enum Status {
  Active = 'active',
  Inactive = 'inactive',
}

export enum Limits {
  Small = 10,
  Medium,
  Large = Small * 100,
}

export const defaultCredits = (factor = 1): number => 100 * factor;

export function defaultsFor(kind: 'customer' | 'guest') {
  const base = { kind, notifications: true };
  if (kind === 'guest') {
    return { ...base, notifications: false };
  }
  return base;
}

const settings: { timezone: string; mail: { sender: string; replyTo?: string } } = {
  timezone: 'Europe/Vienna',
  mail: { sender: 'hello@example.com' },
};

export default settings;
