import type { Colors } from 'picocolors/types';
import { objectKey, type InferenceService } from 'cdk8s-kserve/api';
import type { Io } from '../io';
import { isvcTable, readyOf, waitingLines } from '../output/isvc-table';
import { LiveTable } from '../output/live-table';
import { problemText } from '../output/problem-line';
import { curlLine, firstService } from './curl-line';
import type { RunEvent, RunResult } from './run-folder';

/** Shows a run to someone. */
export interface Report {
  on(event: RunEvent): void;
  end(result: RunResult): void;
}

/** For people: a table that lives, and lines that stay. */
export class TextReport implements Report {
  private readonly io: Io;
  private readonly colors: Colors;
  private readonly logs: boolean;
  private readonly table: LiveTable;
  private shown = '';

  constructor(io: Io, colors: Colors, logs: boolean) {
    this.io = io;
    this.colors = colors;
    this.logs = logs;
    this.table = new LiveTable(io.out);
  }

  on(event: RunEvent): void {
    const { colors, table } = this;
    switch (event.event) {
      case 'loaded':
        return table.note(`Loaded ${count(event.objects, 'object')} from ${count(event.files, 'file')}, ${count(event.services, 'InferenceService')} among them.`);
      case 'problem':
        return void this.io.err.write(`${problemText(event.problem, colors)}\n`);
      case 'started':
        return table.note(`API server ${event.apiServer}, gateway ${colors.cyan(event.gateway)}`);
      case 'status':
        return this.drawTable(event.services);
      case 'ready':
        return this.ready(event.services, event.gateway, event.milliseconds, event.features);
      case 'failed':
        return void this.io.err.write(`${colors.red('error')}: InferenceService ${event.service}: ${event.message}\n`);
      case 'log':
        return this.logs ? table.note(`${colors.dim(`[${event.source}]`)} ${event.line}`) : undefined;
      case 'stopped':
        return undefined;
    }
  }

  end(result: RunResult): void {
    if (result === 'interrupted') this.io.err.write('Interrupted before everything was ready; everything is stopped.\n');
    if (result === 'stopped') this.io.out.write('Stopped; no process and no temporary file is left.\n');
    if (result === 'failed') this.io.err.write('Stopped, since a model cannot be served; mend it and run again, or use --keep-going to keep the others up.\n');
    if (result === 'invalid') this.io.err.write('Nothing was started.\n');
  }

  private drawTable(services: readonly InferenceService[]): void {
    const identity = services.map((s) => `${objectKey(s.metadata)} ${readyOf(s)?.status} ${s.status?.url}`).join('\n');
    // Away from a terminal only what is news is printed; the first table comes with the first status.
    if (!this.io.out.isTTY && identity === this.shown) return;
    this.shown = identity;
    this.table.draw([...isvcTable(services, this.io.now()), ...waitingLines(services)], identity);
  }

  private ready(services: readonly InferenceService[], gateway: string, milliseconds: number, features: number | undefined): void {
    const first = firstService(services);
    const next = first ? [`Ask by host name through ${gateway}, for example:`, `  ${curlLine(first, gateway, features)}`] : ['Nothing is served yet: apply services with kubectl and the kubeconfig.'];
    const [sentence, ...below] = next;
    const lines = [`${this.colors.green('Ready')} after ${(milliseconds / 1000).toFixed(2)} s. ${sentence}`, ...below, 'Press Ctrl-C to stop.'];
    this.table.note(lines.join('\n'));
  }
}

/** For programs: one JSON object a line on standard output. */
export class JsonReport implements Report {
  private readonly io: Io;

  constructor(io: Io) {
    this.io = io;
  }

  on(event: RunEvent): void {
    this.line('services' in event && typeof event.services !== 'number' ? { ...event, services: event.services.map(summary) } : event);
  }

  end(result: RunResult): void {
    this.line({ event: 'end', result });
  }

  private line(value: object): void {
    this.io.out.write(`${JSON.stringify(value)}\n`);
  }
}

function summary(service: InferenceService): object {
  const ready = readyOf(service);
  return {
    namespace: service.metadata.namespace, name: service.metadata.name, url: service.status?.url, mode: service.status?.deploymentMode,
    ready: ready?.status ?? 'Unknown', reason: ready?.reason, message: ready?.message,
  };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
