'use strict';

// validatorUrl would send the address of this page to a server elsewhere.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#api',
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false
});
