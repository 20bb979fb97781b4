import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { registerToolkit } from '../components/toolkit.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import './trial.ts';
import { TrialModel, type TrialChannel } from './trialModel.ts';

registerToolkit();
adopt(theme);
const channel: TrialChannel = new Channel();
const model = new TrialModel(channel);
const main = document.querySelector('main');
if (main) render(html`<rs-trial .model=${model}></rs-trial>`, main);
void model.open();
