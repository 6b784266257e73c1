import { ANNOTATION, LABEL, type DeploymentMode, type InferenceGraph, type PlatformConfig } from '../../api';
import { annotationsPassedOn, type ComponentMetadata } from '../metadata';

/** Labels and annotations of a graph's objects. */
export function graphMetadata(graph: InferenceGraph, mode: DeploymentMode, config: PlatformConfig): ComponentMetadata {
  const annotations = annotationsPassedOn({ ...graph.metadata.annotations }, config);
  return {
    labels: { ...graph.metadata.labels, [LABEL.inferenceGraph]: graph.metadata.name },
    annotations: ANNOTATION.deploymentMode in annotations ? { ...annotations, [ANNOTATION.deploymentMode]: mode } : annotations,
  };
}
