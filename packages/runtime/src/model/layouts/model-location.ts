import type { IsvcError } from 'cdk8s-kserve/api';
import type { ContentTypes } from '../content-types';

/** One version of one model on disk. */
export interface ModelLocation {
  readonly name: string;
  readonly version?: string;
  /** The model file, or a folder with one. */
  readonly path: string;
  readonly contentTypes?: ContentTypes;
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
