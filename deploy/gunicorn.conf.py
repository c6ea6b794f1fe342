"""What gunicorn serves with, behind nginx: ``gunicorn -c deploy/gunicorn.conf.py``; the command line has the last word."""

import os

wsgi_app = "config:wsgi()"
bind = os.environ.get(
    "PFMP_BIND", "127.0.0.1:8000"
)  # nginx alone reaches it: gunicorn knows nothing of slow clients
preload_app = True  # its processes share the memory of the code
worker_class = "gthread"
workers = int(os.environ.get("PFMP_WEB_PROCESSES", "2"))
threads = 4
timeout = 60  # a process that does not answer its master is replaced
graceful_timeout = 30
keepalive = (
    75  # longer than nginx keeps a connection: the one that closes first is never the one that answers
)
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
forwarded_allow_ips = "127.0.0.1"
accesslog = None  # the application logs, without addresses that are keys
