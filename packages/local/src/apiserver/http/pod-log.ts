import type { ServerResponse } from 'node:http';
import type { KubeObject } from 'cdk8s-kserve/api';
import { arrayAt, stringAt } from '../json';
import { badRequest } from '../status-error';
import { count, flag } from './query';

export interface PodLogRequest {
  readonly name: string;
  readonly namespace: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly limitBytes?: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export interface PodLogSource {
  /** Yields the text of the log; with `follow`, goes on until the container ends or the signal aborts. */
  read(request: PodLogRequest): AsyncIterable<string>;
  /** Whether an earlier run of the container left a log. */
  hasPrevious(request: Pick<PodLogRequest, 'name' | 'namespace' | 'container'>): boolean;
}

/** Streams a container's log as text. @throws StatusError 400 when it is not clear which container or which run is meant */
export async function streamPodLog(source: PodLogSource | undefined, pod: KubeObject, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const [tailLines, sinceSeconds, limitBytes] = [count(query, 'tailLines'), count(query, 'sinceSeconds'), count(query, 'limitBytes')];
  const container = containerOf(pod, query.get('container') ?? '');
  const aborted = new AbortController();
  response.on('close', () => aborted.abort());
  response.on('error', () => response.destroy());
  const of = { name: pod.metadata.name, namespace: pod.metadata.namespace ?? '', container };
  const previous = flag(query, 'previous');
  if (previous && !source?.hasPrevious(of)) throw badRequest(`previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(of.name)} not found`);
  const lines = source?.read({
    ...of, previous, signal: aborted.signal, follow: flag(query, 'follow'), timestamps: flag(query, 'timestamps'),
    ...(tailLines === undefined ? {} : { tailLines }), ...(sinceSeconds === undefined ? {} : { sinceSeconds }), ...(limitBytes === undefined ? {} : { limitBytes }),
  });
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  for await (const text of lines ?? []) {
    if (response.destroyed) return;
    response.write(text);
  }
  response.end();
}

function containerOf(pod: KubeObject, asked: string): string {
  const { name } = pod.metadata;
  const names = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => arrayAt(pod, 'spec', list).flatMap((c) => stringAt(c, 'name') ?? []));
  const main = arrayAt(pod, 'spec', 'containers').flatMap((c) => stringAt(c, 'name') ?? []);
  if (asked !== '') {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  const [only] = main;
  if (only !== undefined && names.length === 1) return only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}
