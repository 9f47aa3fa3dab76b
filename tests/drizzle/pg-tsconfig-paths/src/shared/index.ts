export const roles = ['owner', 'guest'] as const;
