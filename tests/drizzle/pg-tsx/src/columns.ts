export const columns: string[] = ['status'];
