// One window for all of them. The Explorer has to show the files of the first part, and the last part writes many.
import './files/inspectorText.ts';
import './files/inspectorFailures.ts';
import './files/demo.ts';
