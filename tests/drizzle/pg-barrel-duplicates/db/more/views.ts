export { animals } from '../tables';
export { tickets, zoo } from '../index';
