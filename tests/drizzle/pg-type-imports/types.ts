export interface Address {
  street: string;
  city?: string;
}

export type Missing = { reason: string };
export const kinds = ['private', 'business'] as const;
export type Kind = (typeof kinds)[number];
