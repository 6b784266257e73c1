import { CONFIG_MAP_NAME, problemLine, type KubeObject, type Problem } from 'cdk8s-kserve/api';
import { worldFromObjects, type World } from 'cdk8s-kserve/render';
import type { Log } from '../engine/log';
import type { ClusterCache } from './cluster-cache';

/** The world that `render` sees, built from the cache once per change rather than once per service. */
export class WorldSource {
  private readonly cache: ClusterCache;
  private readonly models: () => readonly KubeObject[];
  private readonly log: Log;
  private world: World | undefined;
  private lastProblems = '';

  /** @param models TrainedModels, which have a cache of their own. */
  constructor(cache: ClusterCache, models: () => readonly KubeObject[], log: Log) {
    this.cache = cache;
    this.models = models;
    this.log = log;
  }

  current(): World {
    this.world ??= this.build();
    return this.world;
  }

  /** A runtime, the platform's config, its gateway or the set of served APIs changed. */
  invalidate(): void {
    this.world = undefined;
  }

  private build(): World {
    const config = this.cache.list('config').filter((o) => o.metadata.name === CONFIG_MAP_NAME);
    const { world, problems } = worldFromObjects([...config, ...this.cache.list('world'), ...this.cache.list('gateway'), ...this.models()]);
    this.report(problems);
    return { ...world, apis: this.cache.apis };
  }

  /** A section that cannot be used has its defaults; the platform team finds out here, once per change. */
  private report(problems: readonly Problem[]): void {
    const lines = problems.map(problemLine).join('; ');
    if (lines !== this.lastProblems && lines !== '') {
      this.log.warn('the platform config has problems, defaults are used instead', { configMap: CONFIG_MAP_NAME, problems: lines });
    }
    this.lastProblems = lines;
  }
}
