import fc from 'fast-check';
import { wireComponent } from '../../../../src/render/pod/component-args';

const asks = { modelName: 'iris', predictorHost: 'iris-predictor.ns', extension: {} };

describe('wireComponent', () => {
  it('tells a component whom it serves and whom it asks', () => {
    expect(wireComponent([], { ...asks, extension: { containerConcurrency: 4 } })).toEqual(['--model_name', 'iris', '--predictor_host', 'iris-predictor.ns', '--http_port', '8080', '--workers', '4']);
  });

  it.each([['--model_name=m'], ['--model_name', 'm']])('leaves a flag that is there alone', (...args) => {
    expect(wireComponent(args, asks)).toEqual([...args, '--predictor_host', 'iris-predictor.ns', '--http_port', '8080']);
  });

  it('adds nothing when it is done twice', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        const once = wireComponent(args, asks);
        expect(wireComponent(once, asks)).toEqual(once);
      }),
    );
  });
});
