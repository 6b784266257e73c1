import { createHash } from 'node:crypto';
import type { KubeObject } from 'cdk8s-kserve/api';

interface Applied {
  readonly uid: string;
  /** Of what we sent. */
  readonly hash: string;
  /** How the server's answer still differed from it. */
  readonly residue: string;
}

/**
 * What was applied last, for two things that the live object cannot tell. First, a field that we took out of a list
 * which the server keeps as one piece (a custom resource's containers): the record of owned fields does not reach into
 * it. Second, a server that does not keep what it is given (a mutating webhook): applying again would change nothing,
 * for ever. Losing this memory costs at most one write per child.
 */
export class ApplyMemory {
  private readonly owners = new Map<string, Map<string, Applied>>();

  /** Why a write is needed, after the look at the memory: the reasons given, fewer, or one more. */
  weigh(ownerKey: string, childKey: string, desired: KubeObject, live: KubeObject, reasons: readonly string[]): readonly string[] {
    const applied = this.owners.get(ownerKey)?.get(childKey);
    if (!applied || applied.uid !== live.metadata.uid) {
      return reasons;
    }
    if (applied.hash !== hashOf(desired)) {
      return reasons.length > 0 ? reasons : ['changed since the last apply'];
    }
    return applied.residue !== '' && applied.residue === reasons.join() ? [] : reasons;
  }

  remember(ownerKey: string, childKey: string, desired: KubeObject, answer: KubeObject, residue: readonly string[]): void {
    const children = this.owners.get(ownerKey) ?? new Map<string, Applied>();
    children.set(childKey, { uid: answer.metadata.uid ?? '', hash: hashOf(desired), residue: residue.join() });
    this.owners.set(ownerKey, children);
  }

  forgetChild(ownerKey: string, childKey: string): void {
    this.owners.get(ownerKey)?.delete(childKey);
  }

  forget(ownerKey: string): void {
    this.owners.delete(ownerKey);
  }
}

function hashOf(object: KubeObject): string {
  return createHash('sha1').update(JSON.stringify(object)).digest('base64');
}
