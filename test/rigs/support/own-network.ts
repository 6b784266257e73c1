/** What scripts/cluster/own-network.mjs has set up. */
export interface OwnNetwork {
  /** Address at which the names of Services are asked for. */
  readonly dns: string;
  /** Interface that pods are connected to. */
  readonly bridge: string;
  readonly pods: { readonly gateway: string; readonly prefix: number };
}

/** The network of this run; undefined where the machine permits none, or the rig needs none. */
export const OWN_NETWORK = process.env['ISVC_TEST_NETWORK'] === undefined ? undefined : (JSON.parse(process.env['ISVC_TEST_NETWORK']) as OwnNetwork);
