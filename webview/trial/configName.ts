import type { ConfigText } from '../../src/protocol/preview.ts';
import { t } from '../strings.ts';

/** The file name without `.ratio.yaml`, and which text of it. */
export function configName({ uri, saved, at }: ConfigText): string {
  const name = decodeURIComponent(uri.split('/').at(-1) ?? uri).replace(/\.ratio\.(ya?ml|json)$/i, '');
  if (at === 'opened') return t('{0}, as opened', name);
  if (at === 'head') return `${name}, Git HEAD`;
  return saved === true ? t('{0}, saved', name) : name;
}
