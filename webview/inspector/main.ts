import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { registerToolkit } from '../components/toolkit.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import './inspector.ts';
import { InspectorModel, type InspectorChannel } from './inspectorModel.ts';

registerToolkit();
adopt(theme);
const channel: InspectorChannel = new Channel();
const model = new InspectorModel(channel);
const main = document.querySelector('main');
if (main) render(html`<rs-inspector .model=${model}></rs-inspector>`, main);
void model.open();
