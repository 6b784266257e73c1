import type { IsvcError } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../content-types';
import type { PredictMethod } from '../model';

/** One version of one model on disk. */
export interface ModelLocation {
  readonly name: string;
  readonly version?: string;
  /** The model file, or a folder with one. */
  readonly path: string;
  readonly contentTypes?: ContentTypes;
  /** What its requests ask of it. @default - what the server's options say */
  readonly method?: PredictMethod;
  /** Rows of requests that go together, and how long they wait for each other. @default - what the server's options say */
  readonly batch?: { readonly maxBatchSize: number; readonly maxLatencyMs: number };
  /** Why it cannot be loaded whatever `path` holds. */
  readonly problem?: IsvcError;
}

/** How the models of a folder are laid out. */
export const LAYOUTS = {
  single: 'one model',
  versions: 'versions of one model',
  mlserver: 'MLServer: model-settings.json',
  folders: 'a folder for each model',
} as const;

export type Layout = keyof typeof LAYOUTS;

export interface FoundModels {
  readonly layout: Layout;
  readonly models: readonly ModelLocation[];
}
