import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { ServedModel } from '../server/served-model';
import { compareVersions } from './compare-versions';
import { takesTensors } from './tensor-model';

/** States of the Open Inference Protocol's repository extension. */
export type ModelState = 'READY' | 'LOADING' | 'UNLOADING' | 'UNAVAILABLE';

export interface ModelStatus {
  readonly name: string;
  /** @default - the model has no versions; requests may call it version 1 */
  readonly version?: string;
  readonly state: ModelState;
  /** Why it is not ready, or why the last reload failed, for people; empty where there is nothing to say. */
  readonly reason: string;
}

/** One version of one model, before it is in memory. */
export interface ModelSource {
  readonly name: string;
  readonly version?: string;
  /** @throws IsvcError ISVC_MODEL_*; what it throws becomes the reason of the model's state. */
  load(): Promise<ServedModel>;
}

export interface ModelRepositoryOptions {
  /** What there is to load, looked up anew at every `load`, so that a model which arrives later is found. */
  discover(): Promise<readonly ModelSource[]>;
}

interface Entry {
  source: ModelSource;
  state: ModelState;
  reason: string;
  served?: ServedModel;
}

/**
 * The models of one process, each with its own state: a model that cannot be loaded takes no other one down. A reload
 * that fails leaves the loaded model as it is, and says so in its reason.
 */
export class ModelRepository {
  /** Models that can be asked, by name; of several versions the one without a version, else the highest. */
  readonly models: ReadonlyMap<string, ServedModel>;
  private readonly ready = new Map<string, ServedModel>();
  private readonly entries = new Map<string, Entry[]>();
  private readonly discover: ModelRepositoryOptions['discover'];
  /** Loads and unloads come one after the other: two at once need the memory of two. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: ModelRepositoryOptions) {
    this.discover = () => options.discover();
    this.models = this.ready;
  }

  /** A repository of models that are in memory already; they can be unloaded, and loaded again. */
  static of(models: readonly ServedModel[]): ModelRepository {
    const repository = new ModelRepository({
      discover: async () => models.map((served) => ({ name: served.name, load: async () => served })),
    });
    for (const served of models) {
      repository.entries.set(served.name, [{ source: { name: served.name, load: async () => served }, state: 'READY', reason: '', served }]);
      repository.choose(served.name);
    }
    return repository;
  }

  /** Everything there is, loaded or not, in the order it was found. */
  index(): readonly ModelStatus[] {
    return [...this.entries.values()].flat().map(statusOf);
  }

  /** @returns the model, ready to be asked; undefined where there is none or it is not ready (see `status`). */
  find(name: string, version?: string): ServedModel | undefined {
    if (version === undefined) return this.ready.get(name);
    return this.entries.get(name)?.find((entry) => entry.served?.version === version)?.served;
  }

  /** @returns undefined for a name or a version that the repository does not know. */
  status(name: string, version?: string): ModelStatus | undefined {
    const entries = this.entries.get(name) ?? [];
    const served = this.find(name, version);
    const entry = entries.find((one) => (served ? one.served === served : version === undefined || (one.source.version ?? '1') === version));
    return entry && statusOf(entry);
  }

  /** Loads whatever `discover` finds; failures are in the states, and nothing is thrown for them. */
  async loadAll(): Promise<void> {
    await this.inTurn(async () => {
      for (const source of await this.discover()) await this.loadSource(source).catch(() => undefined);
    });
  }

  /**
   * Loads all versions of a model, or loads them again.
   *
   * @throws IsvcError ISVC_SERVER_MODEL_UNKNOWN where nothing has that name, ISVC_SERVER_NOT_READY with the cause where a
   * version cannot be loaded.
   */
  async load(name: string): Promise<void> {
    await this.inTurn(async () => {
      const sources = (await this.discover()).filter((source) => source.name === name);
      if (sources.length === 0) throw unknownModel(name);
      const versions = new Set(sources.map(({ version }) => version));
      for (const gone of (this.entries.get(name) ?? []).filter(({ source }) => !versions.has(source.version))) await this.remove(gone);
      let failure: unknown;
      for (const source of sources) {
        await this.loadSource(source).catch((error: unknown) => (failure ??= error));
      }
      if (failure !== undefined) {
        throw new IsvcError('ISVC_SERVER_NOT_READY', `Model with name ${name} is not ready: ${reasonOf(failure)}`, { cause: failure });
      }
    });
  }

  /**
   * Takes all versions of a model out of memory; requests that have begun are finished by the model itself (`close`).
   *
   * @throws IsvcError ISVC_SERVER_MODEL_UNKNOWN where nothing has that name.
   */
  async unload(name: string): Promise<void> {
    await this.inTurn(async () => {
      const entries = this.entries.get(name);
      if (!entries) throw unknownModel(name);
      for (const entry of entries) {
        entry.state = 'UNLOADING';
        await this.release(entry);
        entry.state = 'UNAVAILABLE';
        entry.reason = 'unloaded';
      }
    });
  }

  /** Unloads everything, at the end of the process. */
  async close(): Promise<void> {
    await this.inTurn(async () => {
      for (const entry of [...this.entries.values()].flat()) await this.release(entry);
    });
  }

  private async loadSource(source: ModelSource): Promise<void> {
    const entries = this.entries.get(source.name) ?? [];
    this.entries.set(source.name, entries);
    let entry = entries.find((one) => one.source.version === source.version);
    if (!entry) entries.push((entry = { source, state: 'LOADING', reason: '' }));
    entry.source = source;
    // A model that answers goes on answering while its successor is read.
    if (!entry.served) entry.state = 'LOADING';
    try {
      const before = entry.served;
      entry.served = await source.load();
      entry.state = 'READY';
      entry.reason = '';
      this.choose(source.name);
      if (before && before.model !== entry.served.model) await closeModel(before);
    } catch (error) {
      entry.state = entry.served ? 'READY' : 'UNAVAILABLE';
      entry.reason = `${entry.served ? 'the model loaded before still answers; loading it again failed: ' : ''}${reasonOf(error)}`;
      throw error;
    }
  }

  private async remove(entry: Entry): Promise<void> {
    const rest = (this.entries.get(entry.source.name) ?? []).filter((one) => one !== entry);
    this.entries.set(entry.source.name, rest);
    await this.release(entry);
  }

  private async release(entry: Entry): Promise<void> {
    const { served } = entry;
    delete entry.served;
    this.choose(entry.source.name);
    if (served) await closeModel(served);
  }

  /** Decides which version answers requests that name none. */
  private choose(name: string): void {
    const [best] = (this.entries.get(name) ?? []).filter(({ served }) => served).sort((a, b) => compareVersions(b.source.version, a.source.version));
    if (best?.served) this.ready.set(name, best.served);
    else this.ready.delete(name);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

function statusOf({ source, state, reason }: Entry): ModelStatus {
  return { name: source.name, ...(source.version === undefined ? {} : { version: source.version }), state, reason };
}

/** Clients read it: no folders, which `path` may name. */
function reasonOf(error: unknown): string {
  if (!(error instanceof IsvcError)) return messageOf(error);
  return error.hint === undefined ? `${error.code}: ${error.message}` : `${error.code}: ${error.message}; ${error.hint}`;
}

function unknownModel(name: string): IsvcError {
  return new IsvcError('ISVC_SERVER_MODEL_UNKNOWN', `Model with name ${name.slice(0, 200)} does not exist.`);
}

async function closeModel({ model }: ServedModel): Promise<void> {
  if (takesTensors(model)) await model.close?.();
}
