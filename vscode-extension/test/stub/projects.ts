// Projects as the server tells them.

import type { ProjectStatus } from '../../src/protocol';

export function project(config: string, more: Partial<ProjectStatus> = {}): ProjectStatus {
  const counts = { tables: 2, migrations: 1, pending: 0, unknown: 0, errors: 0, warnings: 0 };
  return { config, name: null, dialect: 'postgresql', inSync: true, ...counts, ...more };
}
