// TypeScript's server looks for plugins in node_modules and wants a function; the bundle lies in dist.
module.exports = require('../../dist/tsserver.js').plugin;
