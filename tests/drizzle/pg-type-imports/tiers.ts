export const tiers = ['free', 'paid'] as const;
