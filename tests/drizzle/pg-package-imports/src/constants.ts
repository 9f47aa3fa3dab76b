export const NAME_LENGTH = 64;
