import { isJsonObject, type KubeObject } from '../api';
import { SEVERITIES, type Finding, type Severity } from './finding';

/** What cdk8s-cli gives to a validation plugin, as far as this one uses it (`cdk8s-cli/plugins`). */
export interface ValidationContextLike {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: {
      readonly ruleName: string; readonly recommendation: string; readonly fix: string;
      readonly violatingResources: readonly { readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }[];
    }): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
  parseManifest(path: string): unknown[];
}

export interface LintValidationProps {
  /**
   * Severity that fails the synthesis.
   *
   * @default 'error'
   */
  readonly failOn?: Severity;
  /**
   * Another severity for some rules, by code; `off` switches one off.
   *
   * @default - each rule's own
   */
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
}

/**
 * The rules of `isvc lint` at `cdk8s synth`: a validation plugin for `cdk8s.yaml`.
 *
 * ```yaml
 * validations:
 *   - package: cdk8s-kserve
 *     version: 0.0.0
 *     class: LintValidation
 *     properties: { failOn: warning }
 * ```
 */
export class LintValidation {
  private readonly props: LintValidationProps;

  constructor(props: LintValidationProps = {}) {
    this.props = props;
  }

  async validate(context: ValidationContextLike): Promise<void> {
    // Loaded here, so that an app that only imports the constructs does not read all rules.
    const { lint } = await import('./lint.js');
    const read = context.manifests.flatMap((file) => context.parseManifest(file).filter(isKubeObject).map((object) => ({ file, object })));
    const findings = lint(read.map(({ object }) => ({ object })), this.props.rules ? { rules: this.props.rules } : {});
    const worst = SEVERITIES.indexOf(this.props.failOn ?? 'error');
    const failing = findings.filter((f) => SEVERITIES.indexOf(f.severity) <= worst);
    for (const finding of findings) {
      const source = read[finding.input];
      if (finding.severity !== 'info' || failing.includes(finding)) context.report.addViolation(violationOf(finding, source?.object.metadata.name ?? '', source?.file ?? ''));
    }
    context.report.submit(failing.length > 0 ? 'failure' : 'success', { objects: String(read.length), findings: String(findings.length) });
  }
}

function violationOf(finding: Finding, resourceName: string, manifestPath: string): Parameters<ValidationContextLike['report']['addViolation']>[0] {
  const { code, severity, path, message, hint, doc } = finding;
  return {
    ruleName: code, recommendation: `${severity}: ${path}: ${message}`, fix: hint ?? `see ${doc}`,
    violatingResources: [{ resourceName, locations: [path], manifestPath }],
  };
}

function isKubeObject(value: unknown): value is KubeObject {
  return isJsonObject(value) && typeof value['apiVersion'] === 'string' && typeof value['kind'] === 'string' && isJsonObject(value['metadata']) && typeof value['metadata']['name'] === 'string';
}
