export const MAX = 25;
export const TABLES = Object.freeze({ projects: 'projects' });
