import { createServer } from 'node:net';
import { SERVER_PORT, type PodSpec } from 'cdk8s-kserve/api';
import { resolveImage, type ImageEntry } from './images';

/** Container port to the port of this machine that stands for it, for one pod. */
export type PortMap = ReadonlyMap<number, number>;

/** Annotation of a pod that holds its port map as JSON, e.g. `{"8080":41234}`; Endpoints are built from it. */
export const PORTS_ANNOTATION = 'local.cdk8s-kserve.io/ports';

const PORT_FLAG = /^--?([A-Za-z][\w-]*[_-])?port$/;

/**
 * Ports that a pod's containers listen on: those declared, those given by a `--...port` flag, and 8080 for a server
 * that is told none. All processes share this machine's network, so each must be moved to a free one.
 */
export function listeningPorts(spec: PodSpec, images: readonly ImageEntry[]): readonly number[] {
  const ports = new Set<number>();
  for (const container of spec.containers) {
    for (const port of container.ports ?? []) ports.add(port.containerPort);
    for (const port of flagValues(container.args ?? [])) ports.add(port);
    const image = resolveImage(container, images);
    if (image.runnable && image.portFlag && !hasFlag(image.args, image.portFlag)) ports.add(SERVER_PORT);
  }
  return [...ports];
}

/** Words of a command line with every `--...port` value that the map knows replaced. */
export function rewritePortFlags(words: readonly string[], ports: PortMap): readonly string[] {
  return words.map((word, i) => {
    const equals = word.indexOf('=');
    const flag = equals < 0 ? (words[i - 1] ?? '') : word.slice(0, equals);
    if (!PORT_FLAG.test(flag)) return word;
    const mapped = ports.get(Number(word.slice(equals + 1)));
    return mapped === undefined ? word : `${word.slice(0, equals + 1)}${mapped}`;
  });
}

/** The same for one environment variable: only a name that ends in `PORT` carries a port. */
export function rewritePortVariable(name: string, value: string, ports: PortMap): string {
  return name.endsWith('PORT') ? String(ports.get(Number(value)) ?? value) : value;
}

export function hasFlag(words: readonly string[], flag: string): boolean {
  return words.some((word) => word === flag || word.startsWith(`${flag}=`));
}

/** Free loopback ports, one for each container port; all are held open together so that they differ. */
export async function assignPorts(ports: readonly number[]): Promise<PortMap> {
  const held = await Promise.all(ports.map(holdFreePort));
  await Promise.all(held.map((h) => h.release()));
  return new Map(ports.map((port, i) => [port, held[i]?.port ?? port]));
}

export function parsePortsAnnotation(annotation: string | undefined): PortMap {
  if (!annotation) return new Map();
  const parsed: unknown = JSON.parse(annotation);
  if (typeof parsed !== 'object' || parsed === null) return new Map();
  return new Map(Object.entries(parsed).map(([port, mapped]) => [Number(port), Number(mapped)]));
}

export function portsAnnotation(ports: PortMap): string {
  return JSON.stringify(Object.fromEntries(ports));
}

function flagValues(words: readonly string[]): number[] {
  const values: number[] = [];
  words.forEach((word, i) => {
    const [flag = '', value = words[i + 1]] = word.split('=', 2);
    if (PORT_FLAG.test(flag) && value !== undefined && /^[1-9]\d{0,4}$/.test(value)) values.push(Number(value));
  });
  return values;
}

function holdFreePort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      resolve({ port, release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}
