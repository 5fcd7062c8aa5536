import './ui/app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { idle } from './ui/idle';

mount(App, { target: document.getElementById('app')! });

// Needs https or localhost; without it the app works as long as the server can be reached. It fetches every screen: after the first one stands.
if (import.meta.env.PROD && 'serviceWorker' in navigator) idle(() => void navigator.serviceWorker.register('/sw.js'));
