import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { registerToolkit } from '../components/toolkit.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import './preview.ts';
import { PreviewSession, type PreviewChannel } from './session.ts';

registerToolkit();
adopt(theme);
const channel: PreviewChannel = new Channel();
const session = new PreviewSession(channel);
const main = document.querySelector('main');
if (main) render(html`<rs-preview .session=${session}></rs-preview>`, main);
void session.open();
