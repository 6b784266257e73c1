import type { ModelFormatRef } from '../api';
import { misuse } from './check';

/** How a model was saved: what decides which server can read it. */
export class ModelFormat {
  static sklearn(version?: string): ModelFormat {
    return new ModelFormat('sklearn', version);
  }

  static xgboost(version?: string): ModelFormat {
    return new ModelFormat('xgboost', version);
  }

  static lightgbm(version?: string): ModelFormat {
    return new ModelFormat('lightgbm', version);
  }

  static onnx(version?: string): ModelFormat {
    return new ModelFormat('onnx', version);
  }

  static pmml(version?: string): ModelFormat {
    return new ModelFormat('pmml', version);
  }

  static mlflow(version?: string): ModelFormat {
    return new ModelFormat('mlflow', version);
  }

  static tensorflow(version?: string): ModelFormat {
    return new ModelFormat('tensorflow', version);
  }

  static pytorch(version?: string): ModelFormat {
    return new ModelFormat('pytorch', version);
  }

  static triton(version?: string): ModelFormat {
    return new ModelFormat('triton', version);
  }

  static huggingface(version?: string): ModelFormat {
    return new ModelFormat('huggingface', version);
  }

  /** Any format that a runtime of yours lists. */
  static of(name: string, version?: string): ModelFormat {
    return new ModelFormat(name, version);
  }

  readonly name: string;
  readonly version: string | undefined;

  private constructor(name: string, version: string | undefined) {
    if (name === '') throw misuse('ModelFormat.of', 'the name of a format must not be empty', 'use a name that a runtime supports, e.g. "sklearn"');
    this.name = name;
    this.version = version;
  }

  /** As KServe's API has it. */
  toRef(): ModelFormatRef {
    return this.version === undefined ? { name: this.name } : { name: this.name, version: this.version };
  }
}

export function modelFormatRef(format: string | ModelFormatRef | ModelFormat): ModelFormatRef {
  if (typeof format === 'string') return { name: format };
  return format instanceof ModelFormat ? format.toRef() : format;
}
