import type { ModelServer } from './artifact';
import { LintContext, type Beside } from './context';
import type { LintInput } from './lint-object';
import { modelUses } from './model-uses';

/** A model's address that rules would say more about if they knew what lies there, and the server that reads it. */
export interface WantedArtifact {
  readonly uri: string;
  readonly server: ModelServer;
}

/** Addresses in manifests for which `LintOptions.artifacts` may have an answer, each once per server. */
export function wantedArtifacts(inputs: readonly LintInput[], beside: Beside = {}): readonly WantedArtifact[] {
  const wanted = new Map<string, WantedArtifact>();
  for (const { uri, server } of new LintContext(inputs, beside).services.flatMap(modelUses)) {
    if (server) wanted.set(`${server} ${uri}`, { uri, server });
  }
  return [...wanted.values()];
}
