interface Config {
  names: { post: string };
  limits: { title?: number; body?: number };
  missing?: string;
  tone: string;
}

export const config: Config = { names: { post: 'post_name' }, limits: { body: 500 }, tone: 'calm' };
export const pair = ['users', 'posts'] as const;
