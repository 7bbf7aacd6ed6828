"""The library behind FastAPI: a case in JSON in, the assessment in JSON out.

`.venv/bin/uvicorn --app-dir examples/apps fastapi_app:app` serves it (with uvicorn
installed). Nothing is stored, and no value is logged: an error quotes what it refuses,
so it goes to whoever sent it and nowhere else.

The body is handed to the library as it came. A model of pydantic between the two would
read "no" as false, keep the last of two equal keys, and drop what it does not know.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from milia_cds import Case, CaseError, OverdueError, assess, case_schema, prepare

MOST = 100_000  # bytes that a case may have
SCHEMA = case_schema()
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@asynccontextmanager
async def started(_: FastAPI) -> AsyncIterator[None]:
    """Load the knowledge first: a broken installation does not start at all."""
    prepare()
    yield


# Its own pages of documentation would load scripts from elsewhere.
app = FastAPI(
    title="milia-cds",
    summary="Draft, not clinically reviewed: not for use in care.",
    lifespan=started,
    docs_url=None,
    redoc_url=None,
)


async def body(request: Request) -> bytes:
    """The body of a request, of which no more is read than a case may have."""
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > MOST:
            raise HTTPException(413, f"a case has at most {MOST} bytes")
    return read


@app.exception_handler(CaseError)
def refused(_: Request, error: CaseError) -> Response:
    """Every problem of a case, each with its path, for a form to show beside it."""
    return problems(422, error)


@app.exception_handler(OverdueError)
def overdue(_: Request, error: OverdueError) -> Response:
    """Knowledge that was to be reviewed more than a year ago gives no advice."""
    return problems(500, error)


def problems(status: int, error: CaseError | OverdueError) -> Response:
    """The problems of an error as JSON."""
    said = [
        {"path": each.path, "message": each.message, "mend": each.mend}
        for each in error.problems
    ]
    return JSONResponse({"problems": said}, status, HEADERS)


@app.get("/schema")
def schema() -> dict[str, Any]:
    """The JSON Schema of a case, to make forms and types of."""
    return SCHEMA


@app.post(
    "/assessments",
    openapi_extra={
        "requestBody": {
            "required": True,
            # By reference: FastAPI drops each null of what it writes there.
            "content": {"application/json": {"schema": {"$ref": "/schema"}}},
        },
        "responses": {"422": {"description": "The problems of the case, by path"}},
    },
)
def assessment(text: Annotated[bytes, Depends(body)]) -> Response:
    """Assess a case; `null` is not known, and stays so whatever was screened."""
    today = datetime.now().astimezone().date()
    answer = assess(Case.from_json(text), on=today)
    return Response(answer.to_json(), 200, HEADERS, "application/json")
