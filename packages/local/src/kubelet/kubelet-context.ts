import type { BackoffOptions, Clock, Log } from 'cdk8s-kserve-controller';
import type { ImageEntry } from './images';
import type { Reach } from './in-cluster-hosts';
import type { PodNetworks } from './pod-network';

export interface ContainerLogLine {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

/** What every pod of one kubelet shares. */
export interface KubeletContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly images: readonly ImageEntry[];
  /** IP address that pods and the node say they have; their processes are asked on 127.0.0.1 all the same. */
  readonly address: string;
  /** Undefined for pods that share this machine's network, on ports that are free there. */
  readonly podNetworks: PodNetworks | undefined;
  /** Folder that pods keep their files in; it exists. */
  readonly folder: string;
  /** Model sources that folders of this machine stand for: `pvc://claim` to an absolute folder. */
  readonly sourceMap: Readonly<Record<string, string>>;
  /** Where other services of the cluster answer; undefined leaves their names as they are. */
  readonly reach: Reach | undefined;
  readonly restartBackoff: BackoffOptions;
  /** Receives each line that a container writes. */
  readonly onLog?: ((line: ContainerLogLine) => void) | undefined;
  /** Hears that an image is run by another program. */
  readonly onSubstitution: (note: string) => void;
}
