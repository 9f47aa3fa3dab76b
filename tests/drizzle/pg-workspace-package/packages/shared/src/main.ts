export const ROLES = ['owner', 'member'] as const;
