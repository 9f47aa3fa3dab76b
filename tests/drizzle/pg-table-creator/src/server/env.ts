const name = 'Shop App';

export const PROJECT = name.toLowerCase().replace(' ', '_');
