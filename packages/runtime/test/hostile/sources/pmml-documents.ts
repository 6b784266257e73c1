import { pmmlDocument } from '../../support/pmml-document';
import { changeBytes, changeDigit, copyPiece, flipBit } from '../../support/damage';
import { type Artifact, type HostileSource, oneOf, type Random, REFUSED } from '../artifact';
import { type Genuine, PMML_FILES } from '../corpus';

const reference = (name: string): string => `<FieldRef field="${name}"/>`;
const derived = (name: string, expression: string): string => `<DerivedField name="${name}" optype="continuous" dataType="double">${expression}</DerivedField>`;
const local = (fields: readonly string[]): string => pmmlDocument({ local: `<LocalTransformations>${fields.join('')}</LocalTransformations>` });

/** Documents that grow, circle or reach out. */
const ATTACKS: readonly ((random: Random) => Artifact)[] = [
  (random) => refused('entities', `<!DOCTYPE a [<!ENTITY a "${'a'.repeat(random(90))}"><!ENTITY b "&a;&a;">]><PMML version="4.4">&b;</PMML>`),
  () => refused('an entity of a file', '<!DOCTYPE PMML [<!ENTITY f SYSTEM "file:///etc/passwd">]><PMML version="4.4">&f;</PMML>'),
  (random) => refused('deep elements', `<PMML version="4.4">${'<Extension>'.repeat(1_500 + random(5_000))}`),
  (random) => refused('fields in a circle', local(circle(2 + random(40)))),
  (random) => refused('a long chain of fields', local(chain(501 + random(3_000)))),
  (random) => refused('functions that double', doubling(30 + random(30))),
  () => refused('a function that calls itself', pmmlDocument({ transformations: functions('<DefineFunction name="f0" optype="continuous"><ParameterField name="v"/><Apply function="f0"><FieldRef field="v"/></Apply></DefineFunction>', 'f0') })),
  (random) => refused('an expression of the document', local([derived('d', `<Apply function="${oneOf(random, ['matches', 'replace'])}">${reference('kind')}<Constant>(a+)+$</Constant><Constant>b</Constant></Apply>`)])),
  () => refused('a table elsewhere', local([derived('d', '<MapValues outputColumn="o"><FieldColumnPair field="kind" column="k"/><TableLocator/></MapValues>')])),
];

export const pmmlDocuments: readonly HostileSource[] = [
  {
    name: 'PMML: damaged or cut short',
    makes: 'bits flipped, bytes and digits changed, pieces copied, the first part, of genuine documents',
    share: 600,
    make(random, index): Artifact {
      const { name, bytes } = PMML_FILES[index % PMML_FILES.length] as Genuine;
      const damage = oneOf(random, [(all: Buffer) => changeBytes(all, random(2), random), (all: Buffer) => flipBit(all, random), (all: Buffer) => copyPiece(all, random), (all: Buffer) => changeDigit(all, random), (all: Buffer) => all.subarray(0, random(all.length))]);
      return { name: 'model.pmml', bytes: damage(bytes), label: name };
    },
  },
  {
    name: 'PMML: bombs and circles',
    makes: 'entities, depth, fields and functions that need themselves or double, regular expressions, tables elsewhere',
    share: 150,
    make: (random, index) => (ATTACKS[index % ATTACKS.length] as (random: Random) => Artifact)(random),
  },
];

function refused(label: string, text: string): Artifact {
  return { name: 'model.pmml', bytes: Buffer.from(text), label, refused: REFUSED };
}

function circle(length: number): readonly string[] {
  return Array.from({ length }, (_, i) => derived(`f${i}`, reference(`f${(i + 1) % length}`)));
}

function chain(length: number): readonly string[] {
  return [derived('f0', reference('x')), ...Array.from({ length }, (_, i) => derived(`f${i + 1}`, reference(`f${i}`)))];
}

function functions(definitions: string, called: string): string {
  return `<TransformationDictionary>${definitions}${derived('d', `<Apply function="${called}">${reference('x')}</Apply>`)}</TransformationDictionary>`;
}

/** Each calls the one before it twice. */
function doubling(count: number): string {
  const definitions = Array.from({ length: count }, (_, i) => {
    const inner = i === 0 ? reference('v') : `<Apply function="+">${`<Apply function="f${i - 1}">${reference('v')}</Apply>`.repeat(2)}</Apply>`;
    return `<DefineFunction name="f${i}" optype="continuous"><ParameterField name="v"/>${inner}</DefineFunction>`;
  });
  return pmmlDocument({ transformations: functions(definitions.join(''), `f${count - 1}`) });
}
