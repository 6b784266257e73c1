import type { KubeObject } from 'cdk8s-kserve/api';

/** What a learner does with kubectl, one method a command. */
export interface Hands {
  /** `kubectl create namespace NAME`, and every later command in it. */
  createNamespace(name: string): Promise<void>;
  /** `kubectl apply -f FILE`; what it prints, without the kind: `created` or `configured`. */
  apply(object: KubeObject): Promise<string>;
  /** `kubectl get isvc NAME`: its one row by the headings above it. */
  row(name: string): Promise<Readonly<Record<string, string>>>;
  /** `kubectl get isvc NAME -o jsonpath={.status.url}`. */
  url(name: string): Promise<string>;
  /** `kubectl annotate isvc NAME KEY=VALUE --overwrite`. */
  annotate(name: string, key: string, value: string): Promise<void>;
  /** `kubectl get PLURAL -o name`, the names alone; with `-l` of a service only those that are its own. */
  names(plural: 'pods' | 'deployments' | 'ksvc', service?: string): Promise<readonly string[]>;
  /** `kubectl get pods -w` of a service: how many different pods it has shown so far, and how many of them it shows ready now. */
  watchPods(service: string): { readonly seen: number; readonly ready: number; stop(): Promise<void> };
  /** `kubectl delete isvc NAME`. */
  remove(name: string): Promise<void>;
}

/** The label that a service's children carry. */
export const OF_SERVICE = 'serving.kserve.io/inferenceservice';

/** Rows of a printed table by its headings, whose columns are padded with blanks. */
export function rowsOf(table: string): readonly Readonly<Record<string, string>>[] {
  const [heading = '', ...rows] = table.trimEnd().split('\n');
  const columns = [...heading.matchAll(/\S+/g)].map(({ index, 0: name }) => ({ index, name }));
  return rows.map((row) => Object.fromEntries(columns.map(({ index, name }, i) => [name, row.slice(index, columns[i + 1]?.index).trim()])));
}
