/** Flags of KServe's transformers and explainers that name another service of the cluster. */
const HOST_FLAG = /^--(predictor|explainer)_host$/;
/** `SERVICE.NAMESPACE`, also with `.svc`, the cluster's domain, and port 80. */
const IN_CLUSTER = /^([a-z0-9-]+\.[a-z0-9-]+(?:\.svc(?:\.cluster\.local)?)?)(?::80)?$/;

/** Finds the `127.0.0.1:PORT` at which a name of the cluster answers on this machine. */
export type Reach = (name: string) => Promise<string>;

/** Words of a command line with the in-cluster names behind `--predictor_host` and the like replaced: processes have no DNS of a cluster. */
export async function rewriteHostFlags(words: readonly string[], reach: Reach): Promise<readonly string[]> {
  return Promise.all(words.map(async (word, i) => {
    const equals = word.indexOf('=');
    const flag = equals < 0 ? (words[i - 1] ?? '') : word.slice(0, equals);
    const [, name] = (HOST_FLAG.test(flag) && IN_CLUSTER.exec(word.slice(equals + 1))) || [];
    return name === undefined ? word : `${word.slice(0, equals + 1)}${await reach(name)}`;
  }));
}
