export const statuses = ['todo', 'doing', 'done'] as const;
export default { tasks: 'tasks' };
