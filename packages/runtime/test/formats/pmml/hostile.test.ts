import { pmmlFormat } from '../../../src/formats/pmml/pmml-format';
import { isvcErrorOf } from '../../support/isvc-error-of';
import { type PmmlParts, pmmlDocument } from '../../support/pmml-document';

function refusal(text: string | Buffer): { readonly code: string; readonly message: string } {
  const { code, message } = isvcErrorOf(() => pmmlFormat.parse(Buffer.from(text), 'model.pmml'));
  return { code, message };
}

const derived = (name: string, expression: string): string => `<DerivedField name="${name}" optype="continuous" dataType="double">${expression}</DerivedField>`;
const reference = (name: string): string => `<FieldRef field="${name}"/>`;
const local = (...fields: readonly string[]): PmmlParts => ({ local: `<LocalTransformations>${fields.join('')}</LocalTransformations>` });

test.each<[string, string, string, RegExp]>([
  ['entities that would grow', '<!DOCTYPE PMML [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<PMML version="4.4">&b;</PMML>', 'ISVC_MODEL_FORBIDDEN', /^line 1: the document declares a document type/],
  ['entities of other files', '<!DOCTYPE PMML SYSTEM "file:///etc/passwd">\n<PMML version="4.4"/>', 'ISVC_MODEL_FORBIDDEN', /document type/],
  ['an entity without a declaration', '<PMML version="4.4">&bomb;</PMML>', 'ISVC_MODEL_CORRUPT', /^line 1: is no XML: undefined entity/],
  ['an empty file', '', 'ISVC_MODEL_CORRUPT', /is no XML/],
  ['no XML', 'PK\u0003\u0004', 'ISVC_MODEL_CORRUPT', /is no XML/],
  ['an unclosed element', '<PMML version="4.4"><Header>', 'ISVC_MODEL_CORRUPT', /is no XML: unclosed tag: Header/],
  ['another document', '<svg/>', 'ISVC_MODEL_CORRUPT', /^line 1: svg is the outermost element, which must be PMML/],
  ['another version', '<PMML version="2.1"/>', 'ISVC_MODEL_UNSUPPORTED', /^is PMML 2\.1; versions 3\.0 to 4\.4 are read/],
  ['deep elements', `<PMML version="4.4">${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</PMML>`, 'ISVC_MODEL_UNSUPPORTED', /nested more than 1500 levels deep/],
  ['a field that needs itself', pmmlDocument(local(derived('p', reference('q')), derived('q', reference('p')))), 'ISVC_MODEL_CORRUPT', /FieldRef needs the field p, which needs itself/],
  ['fields through more fields than the stack has room for', pmmlDocument(local(derived('f0', reference('x')), ...Array.from({ length: 2_000 }, (_, i) => derived(`f${i + 1}`, reference(`f${i}`))))), 'ISVC_MODEL_UNSUPPORTED', /computed through more than 500 fields/],
  ['the same, last to first', pmmlDocument(local(...Array.from({ length: 20_000 }, (_, i) => derived(`f${i}`, reference(i === 19_999 ? 'x' : `f${i + 1}`))))), 'ISVC_MODEL_UNSUPPORTED', /more/],
  ['a function that calls itself', pmmlDocument({ transformations: `<TransformationDictionary><DefineFunction name="f" optype="continuous"><ParameterField name="v"/><Apply function="f">${reference('v')}</Apply></DefineFunction>${derived('d', `<Apply function="f">${reference('x')}</Apply>`)}</TransformationDictionary>` }), 'ISVC_MODEL_UNSUPPORTED', /does a function call itself\?/],
  ['functions that double', pmmlDocument({ transformations: `<TransformationDictionary>${Array.from({ length: 40 }, (_, i) => `<DefineFunction name="f${i}" optype="continuous"><ParameterField name="v"/>${i === 0 ? reference('v') : `<Apply function="+"><Apply function="f${i - 1}">${reference('v')}</Apply><Apply function="f${i - 1}">${reference('v')}</Apply></Apply>`}</DefineFunction>`).join('')}${derived('d', `<Apply function="f39">${reference('x')}</Apply>`)}</TransformationDictionary>` }), 'ISVC_MODEL_UNSUPPORTED', /one of more than 30000 uses of functions that the document defines/],
  ['regular expressions', pmmlDocument(local(derived('d', `<Apply function="matches">${reference('kind')}<Constant>(a+)+$</Constant></Apply>`))), 'ISVC_MODEL_UNSUPPORTED', /calls the function "matches", which is not read/],
  ['a table outside', pmmlDocument(local(derived('d', `<MapValues outputColumn="o"><FieldColumnPair field="kind" column="k"/><TableLocator><Extension/></TableLocator></MapValues>`))), 'ISVC_MODEL_UNSUPPORTED', /tables outside the document are not read/],
  ['a field that is not there', pmmlDocument(local(derived('d', reference('kimd')))), 'ISVC_MODEL_CORRUPT', /names the field "kimd", which is not there; did you mean "kind"\?/],
  ['a number that is none', pmmlDocument().replace('coefficient="2"', 'coefficient="two"'), 'ISVC_MODEL_CORRUPT', /^line \d+: NumericPredictor has coefficient "two", not a number/],
  ['a category that the field does not have as a number', pmmlDocument(local(derived('d', '<NormDiscrete field="x" value="red"/>'))), 'ISVC_MODEL_CORRUPT', /has "red", which is no double/],
  ['a model that is not read', pmmlDocument({ model: '<AssociationModel functionName="associationRules"><MiningSchema/></AssociationModel>' }), 'ISVC_MODEL_UNSUPPORTED', /AssociationModel is a kind of model that is not read/],
  ['no model', pmmlDocument({ model: '' }), 'ISVC_MODEL_CORRUPT', /has no model that can be scored/],
  ['dates', pmmlDocument({ dictionary: '<DataField name="day" optype="ordinal" dataType="date"/>' }), 'ISVC_MODEL_UNSUPPORTED', /has dataType "date"; known are string, integer, float, double, boolean/],
])('%s', (_what, text, code, message) => {
  const started = process.cpuUsage();
  expect(refusal(text)).toEqual({ code, message: expect.stringMatching(message) as unknown });
  // Of the processor, which a busy machine does not make more: in microseconds.
  expect(process.cpuUsage(started).user).toBeLessThan(20_000_000);
});

test('an answer that its own verification denies keeps the model from being served', () => {
  const verification = (y: string): string => pmmlDocument({ verification: `<ModelVerification><VerificationFields><VerificationField field="x"/><VerificationField field="kind"/><VerificationField field="y"/></VerificationFields><InlineTable><row><x>3</x><kind>b</kind><y>${y}</y></row></InlineTable></ModelVerification>` });
  expect(pmmlFormat.parse(Buffer.from(verification('17')), 'model.pmml')).toMatchObject({ estimator: 'RegressionModel' });
  expect(refusal(verification('17.1'))).toEqual({ code: 'ISVC_MODEL_CORRUPT', message: expect.stringMatching(/has a row 0 whose y is 17\.1; evaluated it is 17$/) as unknown });
});
