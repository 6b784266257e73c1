import { App, Yaml } from 'cdk8s';
import type { KubeObject } from '../api';
import { emitYaml } from './emit-yaml';
import { layOut } from './file-layout';
import { writeFolder } from './write-folder';

export interface GitOpsAppProps {
  /**
   * Folder that Argo CD or Flux reads. `cdk8s synth` empties the `output` of cdk8s.yaml before it runs an app: name
   * another folder there, or run the app itself.
   *
   * @default - as cdk8s: CDK8S_OUTDIR, or 'dist'
   */
  readonly outdir?: string;
  /**
   * Writes a `kustomization.yaml` that lists the files.
   *
   * @default true
   */
  readonly kustomization?: boolean;
}

/**
 * An app whose output is made for GitOps: one file an object, in folders by namespace, with a `kustomization.yaml`.
 *
 * File names follow from the objects alone, nothing is numbered, and only files that this app wrote before are replaced
 * or removed; `.cdk8s-kserve-files` remembers which.
 *
 * @example
 * const app = new GitOpsApp({ outdir: 'clusters/production' });
 */
export class GitOpsApp extends App {
  private readonly kustomization: boolean;

  constructor(props: GitOpsAppProps = {}) {
    super({ ...(props.outdir === undefined ? {} : { outdir: props.outdir }), recordConstructMetadata: false });
    this.kustomization = props.kustomization ?? true;
  }

  override synth(): void {
    const objects = this.validated();
    const files = new Map([...layOut(objects)].map(([path, object]) => [path, emitYaml(object)]));
    if (this.kustomization) files.set('kustomization.yaml', Yaml.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...files.keys()].sort() }));
    writeFolder(this.outdir, files);
  }

  /** Every object of every chart; a chart's own synthesis validates the app. */
  private validated(): readonly KubeObject[] {
    return this.charts.flatMap((chart) => chart.toJson() as KubeObject[]);
  }
}
