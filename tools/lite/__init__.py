"""The course as a static web site that runs in the browser: what `make lite` builds."""
