export const ROLES = ['admin', 'editor', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export const Priority = { Low: 'low', Normal: 'normal', High: 'high' } as const;

export enum Tone {
  Warm = 'warm',
  Cold = 'cold',
}
