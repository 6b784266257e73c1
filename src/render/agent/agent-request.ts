import type { ComponentExtension, ComponentRole, DeploymentMode, InferenceService, PodSpec } from '../../api';

/** A component whose requests an agent may have to take. */
export interface AgentRequest {
  readonly service: InferenceService;
  readonly role: ComponentRole;
  readonly name: string;
  readonly extension: ComponentExtension;
  readonly pod: PodSpec;
  readonly mode: DeploymentMode;
  /** Field path of the component's spec. */
  readonly path: string;
}
