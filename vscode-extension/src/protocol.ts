// What the extension and the server say to each other beside LSP. Shapes only; what is optional is not sent by every version.

import type { Location } from 'vscode-languageclient/node';

export const PREVIEW_SCHEME = 'driftlens-preview';
export const PREVIEW_TEXT = 'driftlens/previewText';
export const STATUS = 'driftlens/status';
export const SCHEMA_TREE = 'driftlens/schemaTree';
export const MIGRATIONS_TREE = 'driftlens/migrationsTree';
/** From the server: what it would answer to the requests above may be something else now. */
export const CHANGED = 'driftlens/changed';

/** To the server: a command that was run beside it may have changed a database. */
export const DATABASE_CHANGED = 'driftlens/databaseChanged';

export const GENERATE = 'driftlens.generate';
export const SHOW_SQL = 'driftlens.showSql';

export interface Status { projects: ProjectStatus[] }

export interface ProjectStatus {
  /** Absolute path of the configuration file, or of the migrations folder where no file configures it. */
  config: string;
  name: string | null;
  dialect: string | null;
  tables: number;
  migrations: number;
  pending: number;
  unknown: number;
  errors: number;
  warnings: number;
  inSync: boolean;
  /** Which of the file's projects. */
  index?: number;
  /** How people call it. */
  label?: string;
  database?: DatabaseStatus | null;
  environments?: EnvironmentName[];
}

export interface EnvironmentName {
  name: string;
  /** Null where the configuration leaves it to the address. */
  kind: string | null;
}

export interface DatabaseStatus {
  environment: string;
  kind: string;
  /** Without password. */
  address: string;
  state: 'off' | 'connecting' | 'connected' | 'unreachable';
  reason?: string | null;
  unapplied?: number | null;
  drift?: number | null;
  /** Objects with an expression of which nobody knows whether it means the same. */
  unproved?: number | null;
}

/** The argument of the server's commands. */
export interface Wanted {
  version: 1;
  source: string;
  index: number;
}

/** What a command of the server would do to a database, for a person to say yes or no. */
export interface Question {
  /** Goes with the yes: the server does what was asked about, or nothing. */
  token: string;
  /** The one answer that is a yes, such as `Push to staging`. */
  verb: string;
  title: string;
  environment: string;
  kind: string;
  /** Without password. */
  address: string;
  question: string;
  detail: string;
  isDestructive: boolean;
  sql: string;
}

/** Where nothing is to be done, or it is refused, the server says so itself and answers null. */
export function isQuestion(answer: unknown): answer is Question {
  const { token, verb, question } = (answer ?? {}) as Partial<Record<keyof Question, unknown>>;
  return typeof token === 'string' && typeof verb === 'string' && verb !== '' && typeof question === 'string';
}

/** What `driftlens down --volumes --dry-run` says. */
export interface Removals {
  removed: { question: string; lost: string[] }[];
  reason: string | null;
}

export interface Tree { projects: TreeProject[] }

export interface TreeProject {
  config: string;
  name: string | null;
  label: string;
  nodes: TreeNode[];
}

export interface TreeNode {
  /** Unique in its project, and the same as long as the thing is the same. */
  id: string;
  kind: string;
  label: string;
  description?: string | null;
  /** Markdown. */
  tooltip?: string | null;
  state?: string | null;
  location?: Location | null;
  /** What `driftlens log` and `driftlens migrate --to` call it. */
  name?: string | null;
  children?: TreeNode[];
}
