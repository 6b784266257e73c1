import { IsvcError } from 'cdk8s-kserve/api';
import type { FormatDetails } from '../../inspect/format-details';
import type { ModelFormat } from '../../model/model';
import type { TensorModel } from '../../model/tensor-model';
import { guardMemory } from '../boosting/guard-memory';
import { compileDocument } from './compile-document';
import { PmmlModel } from './pmml-model';
import { verify } from './verify';
import { readXml } from './xml/read-xml';

/** PMML documents 3.0 to 4.4. */
export const pmmlFormat: ModelFormat<TensorModel> = {
  name: 'pmml',
  extensions: ['.pmml'],
  parse(bytes, file) {
    return guardMemory(file, () => {
      const root = readXml(bytes, file);
      assertVersion(root.attribute('version'), file);
      const document = compileDocument(root);
      verify(document);
      return new PmmlModel(document);
    });
  },
  details: pmmlDetails,
};

function assertVersion(version: string | undefined, file: string): void {
  if (version === undefined || /^[34](\.|$)/.test(version)) return;
  throw new IsvcError('ISVC_MODEL_UNSUPPORTED', `is PMML ${version.slice(0, 20)}; versions 3.0 to 4.4 are read`, { path: file, hint: 'export the model as PMML 4.4' });
}

function pmmlDetails(bytes: Buffer, file: string): FormatDetails {
  const root = readXml(bytes, file);
  const application = root.child('Header')?.child('Application');
  const version = root.attribute('version');
  const writtenBy = {
    ...(application?.attribute('name') === undefined ? {} : { [application.attribute('name') as string]: application.attribute('version') ?? 'unknown' }),
    ...(version === undefined ? {} : { PMML: version }),
  };
  const { classes } = compileDocument(root);
  const labels = classes.map((label) => (typeof label === 'boolean' ? String(label) : label));
  return { writtenBy, ...(labels.length > 0 ? { classes: labels } : {}) };
}
