import type { ComponentExtension, ComponentRole, PodSpec } from '../api';
import type { ComponentMetadata } from './metadata';

/** One component of a service, or one version of it, ready to be put into objects of either mode. */
export interface Component {
  readonly role: ComponentRole;
  /** Name of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly extension: ComponentExtension;
  readonly pod: PodSpec;
  readonly metadata: ComponentMetadata;
  /** An agent stands before the server and takes its requests. */
  readonly agent: boolean;
  /** Field path of its spec, for errors. */
  readonly path: string;
}
