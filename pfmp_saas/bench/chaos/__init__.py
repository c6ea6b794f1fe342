"""`make chaos`: services are killed, hung and filled under a service that runs; what people did must all be there."""
