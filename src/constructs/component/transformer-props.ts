import type { ArtExplainerSpec, Container, ExplainerSpec, StorageUri, TransformerSpec } from '../../api';
import { misuse } from '../check';
import { componentParts, type ComponentContext, type ComponentProps } from './component-props';

/** A component that is one container of yours, in one flat object. */
export interface ContainerComponentProps extends ComponentProps, Omit<Container, 'name'> {
  /**
   * The container with others beside it, instead of the flat fields.
   *
   * @default - one container from the flat fields
   */
  readonly containers?: readonly Container[];
  /**
   * Files that the container needs, each mounted at a path of its own.
   *
   * @default - none
   */
  readonly storageUris?: readonly StorageUri[];
}

/** What stands before the predictor and turns requests into what the model expects, and its answers back. */
export type TransformerProps = ContainerComponentProps;

/** What answers `:explain` requests, by asking the predictor. */
export interface ExplainerProps extends ContainerComponentProps {
  /**
   * The Adversarial Robustness Toolbox, instead of a container of yours.
   *
   * @default - none
   */
  readonly art?: ArtExplainerSpec;
}

const CONTAINER_NAME = 'kserve-container';

export function transformerSpec(props: TransformerProps, context: ComponentContext): TransformerSpec {
  const { containers, storageUris, ...rest } = props;
  const { extension, pod, own } = componentParts(rest, context);
  const flat = Object.keys(own);
  if (containers && flat.length > 0) throw misuse(context.path, `containers and ${flat.join(', ')} describe the container twice`, 'move the fields into containers');
  return {
    ...pod,
    ...(storageUris ? { storageUris } : {}),
    ...(containers ? { containers } : flat.length > 0 ? { containers: [{ name: CONTAINER_NAME, ...own }] } : {}),
    ...extension,
  };
}

export function explainerSpec(props: ExplainerProps, context: ComponentContext): ExplainerSpec {
  const { art, ...rest } = props;
  return { ...transformerSpec(rest, context), ...(art ? { art } : {}) };
}
