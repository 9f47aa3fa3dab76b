export const defaultFeatures = {
  search: true,
  maxItems: 50,
  labels: ['new', 'beta'],
} as const;

export const limits = {
  free: { seats: 1, projects: 2 },
  names: ['a', 'b'],
};
