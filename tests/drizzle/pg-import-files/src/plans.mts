export const plans = ['free', 'paid'] as const;
