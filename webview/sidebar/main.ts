import { html, render } from 'lit';
import { Channel } from '../channel.ts';
import { adopt } from '../element.ts';
import { theme } from '../theme.ts';
import type { SidebarEvents, SidebarNotifications } from '../../src/protocol/sidebar.ts';
import './glance.ts';

adopt(theme);
const channel = new Channel<object, SidebarEvents, SidebarNotifications>();
const main = document.querySelector('main');
if (main) render(html`<rs-glance .channel=${channel}></rs-glance>`, main);
