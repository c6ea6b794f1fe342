"""The school portal's blueprint, apart so that its modules can share it."""

from flask import Blueprint

bp = Blueprint("school", __name__, url_prefix="/ecole")
