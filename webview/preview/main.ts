import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { registerToolkit } from '../components/toolkit.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import './preview.ts';
import { PreviewModel, type PreviewChannel } from './previewModel.ts';

registerToolkit();
adopt(theme);
const channel: PreviewChannel = new Channel();
const model = new PreviewModel(channel);
const main = document.querySelector('main');
if (main) render(html`<rs-preview .model=${model}></rs-preview>`, main);
void model.open();
